using System.Globalization;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Stateless: values of structured fields (RFC 9651), written anew as its section 4.1 says: what differs in spaces, in zeros before a
/// number or in how a list of one is split over lines is the same text again.
/// </summary>
internal static class StructuredField
{
    /// <summary>The value of a list, an item or a dictionary, written anew; null where it is none of them.</summary>
    public static string? Rewrite(string value) =>
        new Reader(value).List()
        ?? (
            new Reader(value).Dictionary() is { } members
                ? string.Join(", ", members.Select(member => Written(member.Key, member.Value)))
                : null
        );

    /// <summary>The value of a dictionary's member, with its parameters; null where it is no dictionary, or has none of that key.</summary>
    public static string? MemberOf(string value, string key) =>
        new Reader(value).Dictionary() is { } members && members.FirstOrDefault(member => member.Key == key) is { Key: not null } found
            ? found.Value
            : null;

    /// <summary>Whether a text can be the key of a member or a parameter.</summary>
    public static bool IsKey(string text) => new Reader(text) is var reader && reader.Key() is not null && reader.IsAtEnd;

    /// <summary>A member that is true is written as its key alone.</summary>
    private static string Written(string key, string value) =>
        value == "?1" || value.StartsWith("?1;", StringComparison.Ordinal) ? key + value[2..] : $"{key}={value}";

    /// <summary>Per value and single-threaded: reads by RFC 9651 section 4.2, and gives what it read as it is written; null for what is
    /// none.</summary>
    private sealed class Reader(string text)
    {
        private const int MostDigits = 15;
        private const int MostWholeDigits = 12;
        private const int MostFractionDigits = 3;

        private int _at;

        public bool IsAtEnd => _at == text.Length;

        private char Next => _at < text.Length ? text[_at] : '\0';

        public string? List()
        {
            var members = new List<string>();
            return Members(() => Member() is { } member && Keep(members, member)) ? string.Join(", ", members) : null;
        }

        public List<KeyValuePair<string, string>>? Dictionary()
        {
            var members = new List<KeyValuePair<string, string>>();
            return Members(() =>
            {
                if (Key() is not { } key)
                    return false;
                var value =
                    Take('=') ? Member()
                    : Parameters() is { } parameters ? "?1" + parameters
                    : null;
                return value is not null && Put(members, key, value);
            })
                ? members
                : null;
        }

        public string? Key()
        {
            var start = _at;
            if (!char.IsAsciiLetterLower(Next) && Next != '*')
                return null;
            while (char.IsAsciiLetterLower(Next) || char.IsAsciiDigit(Next) || Next is '_' or '-' or '.' or '*')
                _at++;
            return text[start.._at];
        }

        /// <summary>Members, separated by commas; there is none behind the last.</summary>
        private bool Members(Func<bool> read)
        {
            Skip(" ");
            while (!IsAtEnd)
            {
                if (!read())
                    return false;
                Skip(" \t");
                if (IsAtEnd)
                    return true;
                if (!Take(','))
                    return false;
                Skip(" \t");
                if (IsAtEnd)
                    return false;
            }
            return true;
        }

        private string? Member() => Next == '(' ? InnerList() : Item();

        private string? InnerList()
        {
            var items = new List<string>();
            _at++;
            while (!IsAtEnd)
            {
                Skip(" ");
                if (Take(')'))
                    return Parameters() is { } parameters ? $"({string.Join(' ', items)}){parameters}" : null;
                if (Item() is not { } item || Next is not (' ' or ')'))
                    return null;
                items.Add(item);
            }
            return null;
        }

        private string? Item() => BareItem() is { } item && Parameters() is { } parameters ? item + parameters : null;

        /// <summary>Of two of one name the last counts, at the place of the first.</summary>
        private string? Parameters()
        {
            var parameters = new List<KeyValuePair<string, string>>();
            while (Take(';'))
            {
                Skip(" ");
                if (Key() is not { } key || (Take('=') ? BareItem() : "?1") is not { } value)
                    return null;
                Put(parameters, key, value);
            }
            return string.Concat(parameters.Select(parameter => ";" + Written(parameter.Key, parameter.Value)));
        }

        private string? BareItem() =>
            Next switch
            {
                '-' or (>= '0' and <= '9') => Number(),
                '"' => Quoted(),
                '*' or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') => Token(),
                ':' => Bytes(),
                '?' => Boolean(),
                '@' => Date(),
                '%' => DisplayText(),
                _ => null,
            };

        private string? Number()
        {
            var sign = Take('-') ? "-" : "";
            var whole = Digits();
            if (whole.Length == 0)
                return null;
            if (Next != '.')
                return whole.Length > MostDigits ? null : Signed(sign, Trimmed(whole));
            _at++;
            var fraction = Digits();
            if (whole.Length > MostWholeDigits || fraction.Length is 0 or > MostFractionDigits)
                return null;
            var kept = fraction.TrimEnd('0');
            return Signed(sign, $"{Trimmed(whole)}.{(kept.Length == 0 ? "0" : kept)}");
        }

        /// <summary>There is no zero below zero.</summary>
        private static string Signed(string sign, string number) => number is "0" or "0.0" ? number : sign + number;

        private static string Trimmed(string digits) => digits.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";

        private string Digits()
        {
            var start = _at;
            while (char.IsAsciiDigit(Next))
                _at++;
            return text[start.._at];
        }

        private string? Quoted()
        {
            var start = _at++;
            while (!IsAtEnd)
            {
                var character = text[_at++];
                if (character == '"')
                    return text[start.._at];
                if (character == '\\' ? !(Next is '"' or '\\') : character is < ' ' or > '~')
                    return null;
                if (character == '\\')
                    _at++;
            }
            return null;
        }

        private string Token()
        {
            var start = _at++;
            while (RequestHeaders.IsToken([Next]) || Next is ':' or '/')
                _at++;
            return text[start.._at];
        }

        private string? Bytes()
        {
            var end = text.IndexOf(':', _at + 1);
            if (end < 0)
                return null;
            var bytes = new byte[end - _at];
            // Padding may be left out where it is read, and never where it is written.
            var given = text[(_at + 1)..end].TrimEnd('=');
            if (!Convert.TryFromBase64String(given.PadRight((given.Length + 3) / 4 * 4, '='), bytes, out var length))
                return null;
            _at = end + 1;
            return $":{Convert.ToBase64String(bytes.AsSpan(0, length))}:";
        }

        private string? Boolean()
        {
            _at++;
            return Take('1') ? "?1"
                : Take('0') ? "?0"
                : null;
        }

        private string? Date()
        {
            _at++;
            return Next is '-' or (>= '0' and <= '9') && Number() is { } number && !number.Contains('.', StringComparison.Ordinal)
                ? "@" + number
                : null;
        }

        /// <summary>What is not ASCII is percent-encoded, in small letters.</summary>
        private string? DisplayText()
        {
            var start = _at++;
            if (!Take('"'))
                return null;
            var bytes = new List<byte>();
            while (!IsAtEnd)
            {
                var character = text[_at++];
                if (character == '"')
                    return IsUtf8(bytes) ? text[start.._at] : null;
                if (character is < ' ' or > '~')
                    return null;
                if (character != '%')
                {
                    bytes.Add((byte)character);
                    continue;
                }
                if (
                    _at + 2 > text.Length
                    || text.AsSpan(_at, 2).ContainsAnyInRange('A', 'F')
                    || !byte.TryParse(text.AsSpan(_at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)
                )
                    return null;
                bytes.Add(octet);
                _at += 2;
            }
            return null;
        }

        private static bool IsUtf8(List<byte> bytes) => System.Text.Unicode.Utf8.IsValid([.. bytes]);

        private bool Take(char character)
        {
            if (Next != character)
                return false;
            _at++;
            return true;
        }

        private void Skip(string characters)
        {
            while (!IsAtEnd && characters.Contains(Next, StringComparison.Ordinal))
                _at++;
        }

        private static bool Keep(List<string> members, string member)
        {
            members.Add(member);
            return true;
        }

        private static bool Put(List<KeyValuePair<string, string>> members, string key, string value)
        {
            var known = members.FindIndex(member => member.Key == key);
            if (known >= 0)
                members[known] = KeyValuePair.Create(key, value);
            else
                members.Add(KeyValuePair.Create(key, value));
            return true;
        }
    }
}
