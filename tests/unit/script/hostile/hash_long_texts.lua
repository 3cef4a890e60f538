-- ends: overran|exhausted
-- long texts as keys
function f() local t, s = {}, ('x'):rep(60000) for i = 1, 1e9 do t[s .. i] = true t[s .. i] = nil end end
