-- ends: overran
-- catches it at many levels
local function spin() while true do end end
local function deep(n) if n == 0 then spin() end while true do pcall(deep, n - 1) end end
function f() deep(50) end
