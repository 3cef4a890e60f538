-- ends: refused
-- not in the language
function f() return getmetatable('') end
