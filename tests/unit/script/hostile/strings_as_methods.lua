-- ends: overran|exhausted
-- methods of texts, chained
function f() local s = 'a' while true do s = s:rep(2):sub(1, 60):upper():lower():reverse() end end
