-- ends: failed|exhausted|done|overran
-- packs and unpacks
function f() local t = {} for i = 1, 1e6 do t = table.pack(table.unpack(t)) t[#t + 1] = i if #t > 900 then t = {} end end end
