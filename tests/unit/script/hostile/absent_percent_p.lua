-- ends: failed
-- addresses
function f() return string.format('%p', {}) end
