-- ends: failed
-- quoting
function f() return string.format('%q', 'x') end
