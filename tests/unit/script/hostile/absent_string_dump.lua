-- ends: failed
-- not in the language
function f() return string.dump(f) end
