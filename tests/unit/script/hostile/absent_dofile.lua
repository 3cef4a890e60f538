-- ends: refused
-- not in the language
function f() return dofile('/etc/passwd') end
