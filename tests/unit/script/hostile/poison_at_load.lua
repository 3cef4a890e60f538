-- ends: refused
-- while loading
table.sort = nil
function f() end
