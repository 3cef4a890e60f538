-- ends: failed
-- a thousand long texts
function f() return (('a'):rep(1000):gsub('a', ('x'):rep(60000))) end
