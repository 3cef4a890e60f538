-- ends: refused
-- a global function
n = 0
function count() n = n + 1 return n end
function f() return count() end
