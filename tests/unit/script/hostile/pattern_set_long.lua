-- ends: overran
-- a long set before every byte
function f() local s, set = ("a"):rep(60000), ("b"):rep(60000) while true do s:find("[" .. set .. "]?[" .. ("c"):rep(100) .. "]?x") end end
