-- ends: failed
-- characters that there are not
function f() return utf8.char(0x7FFFFFFF) end
