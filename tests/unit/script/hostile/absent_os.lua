-- ends: refused
-- not in the language
function f() return os.exit() end
