-- ends: overran
-- two ways at each step
function f() return (('a'):rep(60)):match(('a?'):rep(60) .. ('a'):rep(61)) end
