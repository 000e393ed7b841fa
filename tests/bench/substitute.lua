-- The simplest substitution that somebody would write by hand: patterns over the text of the body. It does not know
-- JSON: a quote in a value, a field in another place or a nested object of that name would break it.
local SYSTEM = @SYSTEM@
local USER = @USER@

function envoy_on_request(handle)
  local body = handle:body()
  local text = body:getBytes(0, body:length())
  if not text:find('"prompt_id"', 1, true) then
    return
  end
  local variables = text:match('"prompt_variables":(%b{})')
  local function fill(template)
    return (template:gsub("{{ (%w+) }}", function(name)
      return variables:match('"' .. name .. '":"([^"]*)"')
    end))
  end
  local prompt = '{"role":"system","content":"' .. fill(SYSTEM) .. '"},{"role":"user","content":"' .. fill(USER) .. '"},'
  text = text:gsub('"prompt_id":"[^"]*",', "", 1)
  text = text:gsub('"prompt_variables":%b{},', "", 1)
  text = text:gsub('"model":"[^"]*"', '"model":"@MODEL@","temperature":@TEMPERATURE@', 1)
  text = text:gsub('"messages":%[', function(found) return found .. prompt end, 1)
  body:setBytes(text)
end
