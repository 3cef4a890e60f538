-- ends: overran
-- looks at every border
function f() local s = ('a '):rep(30000) for i = 1, 1e6 do s:find('%f[%w].-%f[%W].-%f[x]y') end end
