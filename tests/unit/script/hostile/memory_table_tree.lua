-- ends: exhausted
-- tables in tables
function f() local t = {} while true do t = { t, {}, {}, {} } end end
