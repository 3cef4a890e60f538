-- ends: done|failed
-- pcall as its own argument
function f() return tostring(pcall(pcall, pcall, pcall, pcall, error)) end
