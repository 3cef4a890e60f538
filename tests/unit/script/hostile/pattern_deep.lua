-- ends: failed
-- recursion by captures
function f() return ('a'):rep(300):find(('(a'):rep(300)) end
