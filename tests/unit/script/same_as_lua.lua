-- Compares the scripts' library with that of Lua itself. Run as trusted code with the scripts' library as argument.
local own = ...
local compared = 0

local function describe(value)
  if type(value) == "table" then
    local parts = {}
    for k, v in pairs(value) do parts[#parts + 1] = describe(k) .. "=" .. describe(v) end
    table.sort(parts)
    return "{" .. table.concat(parts, ",") .. "}"
  end
  return math.type(value) == "float" and ("%a"):format(value) or tostring(value)
end

local function outcome(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then return "error" end
  local parts = {}
  for i = 1, results.n do parts[i] = describe(results[i]) end
  return table.concat(parts, "|")
end

local function same(library, name, ...)
  local expected = outcome(_G[library][name], ...)
  local answer = outcome(own[library][name], ...)
  compared = compared + 1
  if expected ~= answer then
    local arguments = table.pack(...)
    for i = 1, arguments.n do arguments[i] = string.format("%q", arguments[i]) end
    error(string.format("%s.%s(%s): %s instead of %s", library, name, table.concat(arguments, ", "), answer, expected))
  end
end

-- positions
local positions = { -7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 9, math.maxinteger, math.mininteger }
for _, s in ipairs { "", "a", "abc", "a\0b", "ñandú" } do
  for _, f in ipairs { "len", "lower", "upper", "reverse" } do same("string", f, s) end
  for _, i in ipairs(positions) do
    same("string", "byte", s, i)
    same("string", "sub", s, i)
    same("string", "find", s, "", i)
    same("string", "find", s, "b", i, true)
    same("string", "match", s, ".", i)
    same("utf8", "len", s, i)
    same("utf8", "codepoint", s, i)
    for _, n in ipairs { -3, -2, -1, 0, 1, 2, 3, 4 } do
      same("utf8", "offset", s, n, i)
      same("string", "rep", s, n, ",")
    end
    same("utf8", "offset", s, i)
    for _, j in ipairs(positions) do
      same("string", "byte", s, i, j)
      same("string", "sub", s, i, j)
      same("utf8", "len", s, i, j)
      same("utf8", "codepoint", s, i, j)
    end
  end
end
same("string", "upper", 12)
same("string", "len", {})

-- formats
for _, f in ipairs { "%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%x", "%X", "%#x", "%o", "%i", "%5.2f", "%e",
                     "%G", "%g", "%a", "%10.4f", "%-10.3f|", "%c", "%5c", "%.20f", "%#o", "%99.99f", "%s", "%10s",
                     "%-10s|", "%.2s", "%10.2s", "%%", "%", "%y", "%d %d", "%100d", "%.100f", "%-+ #0d", "%5.1s" } do
  for _, v in ipairs { 0, 1, -1, 65, 3.0, 3.5, -0.0, 1e308, 1 / 0, "10", "x", "12345678901", true,
                       math.mininteger } do
    same("string", "format", f, v)
  end
  same("string", "format", f)
end
same("string", "format", "%s %s", nil, false)
same("string", "format", "%5s", "a\0b")
same("string", "format", "%s", "a\0b")

-- patterns by hand
local subjects = { "", "hello world", "key = value", "(a(b)c)", "THE (quick) fox", "aXb", "  trim  ", "a,b,,c",
                   "2026-11-21", "abcabc", "[[x]]", "a.b-c", "x^2", "\0\1", "ñ" }
local patterns = { "", ".", "%a+", "(%w+)%s*=%s*(%w+)", "%b()", "%f[%a]%a+%f[%A]", "^%s*(.-)%s*$", "([^,]*)", "^h",
                   "d$", "(%d+)-(%d+)-(%d+)", "(.)(.)%2%1", "(a)(b)(c)%1", "()l()", "[a-c]+", "[^a-c]+", "[%]]", "[]]",
                   "[]-]", "[a-]", "[%a%-]", "%.", "a?", "a-b", ".-$", "(", ")", "%", "[", "[a", "%f", "%b", "%bx",
                   "%1", "(()", "(.-)%1", "^", "$", "^$", "x^", "%z", "[%z]", "[^%s]", "%S+", "%p", "(%a)(%a?)",
                   "[^^]", "[a%", "[%", "%f[", "(.)%2" }
local replacements = { "", "<%0>", "<%1>", "%%", "%2%1", "%", "%x", "%9", "ñ" }
for _, s in ipairs(subjects) do
  for _, p in ipairs(patterns) do
    for _, i in ipairs { 1, 2, -3, 100 } do
      same("string", "find", s, p, i)
      same("string", "match", s, p, i)
    end
    for _, r in ipairs(replacements) do
      same("string", "gsub", s, p, r)
      same("string", "gsub", s, p, r, 1)
    end
    same("string", "gsub", s, p, { a = "A", hello = 5, ["("] = false, key = true })
    same("string", "gsub", s, p, function(a, b) return b or a end)
  end
end

-- patterns as they come
local parts = { "a", "b", ".", "%a", "%d", "[ab]", "[^a]", "(", ")", "()", "*", "+", "-", "?", "%1", "%2", "%bab",
                "%f[b]", "^", "$", "%W", "[a-b", "]", "%" }
local seed = 12345
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n + 1
end
local function words(library, s, p)
  local all = {}
  for a, b in library.gmatch(s, p) do all[#all + 1] = tostring(a) .. ":" .. tostring(b) end
  return table.concat(all, " ")
end
for _ = 1, 20000 do
  local p, s = {}, {}
  for i = 1, random(6) do p[i] = parts[random(#parts)] end
  for i = 1, random(9) - 1 do s[i] = ("ab1 "):sub(random(4)):sub(1, 1) end
  p, s = table.concat(p), table.concat(s)
  same("string", "find", s, p)
  same("string", "gsub", s, p, "<%0>")
  local expected, answer = outcome(words, string, s, p), outcome(words, own.string, s, p)
  assert(expected == answer, string.format("gmatch(%q, %q): %s instead of %s", s, p, answer, expected))
end

-- tables
local lists = { {}, { 1 }, { 3, 1, 2 }, { "b", "a" }, { 1, "a" }, { 1.5, 1, -1 }, { 1, 2, 3, 4, 5, 6, 7, 8, 9 } }
local function copy(t) return table.move(t, 1, #t, 1, {}) end
local function changed(library, name, t, ...)
  local c = copy(t)
  return outcome(library.table[name], c, ...) .. describe(c)
end
local function same_change(name, t, ...)
  compared = compared + 1
  local expected, answer = changed(_G, name, t, ...), changed(own, name, t, ...)
  if outcome(table[name], copy(t), ...) == "error" then expected, answer = "", answer:match("^error") and "" end
  assert(expected == answer, string.format("table.%s of %s: %s instead of %s", name, describe(t), answer, expected))
end
for _, t in ipairs(lists) do
  for _, i in ipairs { -1, 0, 1, 2, 3, 4, 10 } do
    same_change("insert", t, i, "new")
    same_change("remove", t, i)
    same("table", "unpack", t, i)
    same("table", "unpack", t, i, 3)
    same("table", "concat", t, ", ", i)
    same("table", "concat", t, ", ", i, 2)
  end
  same_change("insert", t, "new")
  same_change("insert", t)
  same_change("remove", t)
  same_change("sort", t)
  same_change("sort", t, function(a, b) return a > b end)
  same("table", "concat", t)
  same("table", "pack", table.unpack(t))
end
same("table", "unpack", { 1, 2 }, math.maxinteger, math.maxinteger)
same("table", "unpack", {}, math.mininteger, math.mininteger + 1)
same("table", "concat", { [math.maxinteger] = "x" }, "", math.maxinteger, math.maxinteger)

-- numbers
local numbers = { 0, 1, -1, 2.5, -2.5, 3.0, 1e300, -1e300, 1 / 0, 0 / 0, math.maxinteger, math.mininteger, "3", "x",
                  -0.0 }
for _, a in ipairs(numbers) do
  for _, f in ipairs { "abs", "acos", "asin", "atan", "ceil", "cos", "exp", "floor", "log", "modf", "sin",
                       "sqrt", "tan", "type" } do
    same("math", f, a)
  end
  for _, b in ipairs(numbers) do
    for _, f in ipairs { "fmod", "atan", "log", "ult" } do same("math", f, a, b) end
    if type(a) == "number" and type(b) == "number" then -- Lua's also compare texts
      same("math", "max", a, b)
      same("math", "min", a, b)
    end
  end
end
same("math", "tointeger", 3.0)
same("math", "tointeger", 3.5)

-- basic functions
own.base, _G.base = own, _G
for _, v in ipairs { "10", " 10 ", "0x1p4", "1e1", "1e", "", " ", "10x", "ff", "zz", "-7", "- 7", "+8", "1.5", "0x",
                     "inf", "nan", "1\0", 5, 5.5, true } do
  same("base", "tonumber", v)
  for _, base in ipairs { 2, 8, 10, 16, 36, 1, 37 } do same("base", "tonumber", v, base) end
end
for _, i in ipairs { "#", 1, 2, 3, 4, -1, -2, -3, -4, 0, "x" } do same("base", "select", i, "a", "b", "c") end
same("base", "assert", true, 1, 2)
same("base", "assert", false, "why")
same("base", "assert")
same("base", "pcall", error, "x", 0)
same("base", "pcall", error)
same("base", "pcall", math.max, 1, 2)
same("base", "pcall")
same("base", "type", nil)
same("base", "type")
same("base", "tostring", 1.0)
same("base", "tostring", "x")
same("base", "tostring")

-- characters
for _, c in ipairs { 0, 65, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF } do same("utf8", "char", c, 65) end
for _, s in ipairs { "", "abc", "ñandú €🚲", "a\x80", "\xC3", "\xE2\x82", "\xC0\x80", "\xED\xA0\x80",
                     "\xF4\x90\x80\x80", "a\0b" } do
  same("utf8", "len", s)
  same("utf8", "codepoint", s, 1, -1)
  local function codes(library)
    local all = {}
    for p, c in library.utf8.codes(s) do all[#all + 1] = p .. ":" .. c end
    return table.concat(all, " ")
  end
  if utf8.len(s) then assert(codes(_G) == codes(own)) end
end
assert(own.utf8.charpattern == utf8.charpattern)
return compared
