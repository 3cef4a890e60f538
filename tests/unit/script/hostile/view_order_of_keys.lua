-- ends: failed
-- views as keys
function f() for _ in pairs({ [math] = 1, [string] = 2 }) do end end
