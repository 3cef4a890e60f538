-- ends: refused
-- a global
n = 0
function f() n = n + 1 return n end
