-- ends: exhausted
-- doubles
function f() local s = 'x' while true do s = s .. s end end
