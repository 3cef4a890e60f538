-- Mends what scdoc writes, from standard input to standard output: no paragraphs without text, which readers of manual
-- pages warn about; no hyphenation, which man's .TH brings back; and dashes that are still dashes when copied.

local PARAGRAPH = ".P"
local HEADINGS = { [".SH"] = true, [".SS"] = true, [".TH"] = true }

local lines = {}
local wanted = false -- a paragraph begins before the next text

local function put(line)
  table.insert(lines, line)
end

for line in io.lines() do
  local macro = line:match("^%.%a+")
  if line == PARAGRAPH then
    wanted = true
  elseif macro == ".RE" then
    put(line)
  else
    local begun = HEADINGS[(lines[#lines] or ""):match("^%.%a+")]
    if wanted and not begun and not HEADINGS[macro] then put(PARAGRAPH) end
    wanted = false
    put(macro and line or line:gsub("%s+$", ""):gsub("\\?%-", "\\-"))
    if macro == ".TH" then
      put(".nh")
      put(".ad l")
    end
  end
end

io.write(table.concat(lines, "\n"), "\n")
