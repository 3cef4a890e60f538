-- ends: overran
-- greedy this time
function f() return (('a'):rep(5000)):match(('a*'):rep(30) .. 'b') end
