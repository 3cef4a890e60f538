-- ends: failed
-- one text of many
function f() local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1000) end return table.concat(t) end
