-- ends: refused
-- a library function under its name
pairs = nil
function f() end
