-- ends: exhausted
-- catches that memory is out and goes on
function f()
  while true do pcall(function() local t = {} for i = 1, 1e9 do t[i] = { i } end end) end
end
