-- ends: refused
-- not in the language
function f() return io.open('/etc/passwd') end
