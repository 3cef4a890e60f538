-- ends: refused
-- not in the language
function f() return debug.getregistry() end
