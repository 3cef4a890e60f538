-- ends: done
-- further than there is
function f() return tostring(utf8.offset('abc', math.mininteger)) .. tostring(utf8.offset('abc', math.maxinteger)) end
