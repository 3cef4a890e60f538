-- ends: refused
-- not in the language
function f() return package.loadlib() end
