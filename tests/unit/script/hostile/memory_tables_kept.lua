-- ends: exhausted
-- many small ones
function f() local head while true do head = { head } end end
