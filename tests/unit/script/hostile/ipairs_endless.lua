-- ends: overran
-- a list that grows while it is read
function f() local t = { 1 } for i, v in ipairs(t) do t[i % 10 + 1] = i if i == 10 then for j in ipairs(t) do while true do end end end end end
