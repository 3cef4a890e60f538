-- ends: refused
-- not in the language
function f() return setmetatable({}, {}) end
