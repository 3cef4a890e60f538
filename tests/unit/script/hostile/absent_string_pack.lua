-- ends: failed
-- not in the language
function f() return string.pack('i', 1) end
