-- ends: exhausted
-- memory error inside of pcall inside of pcall
local function eat() local s = ("x"):rep(60000) while true do s = s .. s end end
function f() pcall(pcall, pcall, pcall, eat) while true do end end
