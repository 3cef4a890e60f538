-- ends: overran|exhausted
-- texts of everything
function f() while true do tostring({}) tostring(f) tostring(math) tostring(nil) end end
