-- ends: failed
-- not in the language
function f() return package.loadlib() end
