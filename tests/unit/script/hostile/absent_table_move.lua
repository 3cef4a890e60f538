-- ends: failed
-- not in the language
function f() return table.move({}, 1, 2, 3) end
