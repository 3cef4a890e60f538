-- ends: overran
-- reads for ever
function f() while true do local x = math.pi, #math, math == string end end
