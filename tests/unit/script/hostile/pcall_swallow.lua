-- ends: overran
-- catches the deadline and goes on
function f() while true do pcall(function() while true do end end) end end
