-- ends: failed
-- recursion by repetitions
function f() return ('a'):rep(1000):find(('a?'):rep(300)) end
