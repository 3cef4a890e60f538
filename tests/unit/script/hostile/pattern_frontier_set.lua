-- ends: overran
-- a long set at the frontier of every place
function f() local s, set = ("a"):rep(60000), ("b"):rep(30000) while true do s:find("%f[" .. set .. "]x") end end
