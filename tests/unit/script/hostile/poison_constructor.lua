-- ends: refused
-- a constructor under its name
keep = nil
function f() end
