-- ends: overran
-- after the deadline some more
function f()
  local ok = pcall(function() while true do end end)
  for i = 1, 1e9 do local x = ("a"):rep(100) end
  return ok
end
