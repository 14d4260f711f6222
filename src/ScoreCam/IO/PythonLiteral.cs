using System.Globalization;
using System.Text;

namespace ScoreCam.IO;

/// <summary>
/// Converts a printed Python dict, list or tuple to JSON, for example <c>{0: 'tench', 1: "it's"}</c>. The values are
/// whole numbers and strings, which can contain Python escapes.
/// </summary>
internal ref struct PythonLiteral
{
    private const int MaxDepth = 32;
    private const string Escapes = "\\'\"abfnrtv0\n";
    private const string Meanings = "\\'\"\a\b\f\n\r\t\v\0";

    private readonly ReadOnlySpan<char> _text;
    private readonly StringBuilder _json = new();
    private int _at;
    private int _depth;

    private PythonLiteral(string text) => _text = text;

    /// <summary>
    /// Whether a text in brackets is probably Python instead of JSON. It is if it contains single quotes or a bare
    /// number as a key.
    /// </summary>
    public static bool IsLikely(string text)
    {
        ReadOnlySpan<char> inside = text.AsSpan().TrimStart().TrimStart("[{(").TrimStart();
        return inside is ['\'', ..] or [>= '0' and <= '9', ..] || text.Contains('\'', StringComparison.Ordinal);
    }

    /// <exception cref="InvalidDataException">
    /// The text is not such a literal. The message gives the position.
    /// </exception>
    public static string ToJson(string text)
    {
        PythonLiteral reader = new(text);
        reader.Value();
        return reader.Peek() == '\0' ? reader._json.ToString() : throw reader.Expected("the end");
    }

    private void Value()
    {
        switch (Peek())
        {
            case '{':
                Entries('{', '}');
                break;
            case '[':
                Entries('[', ']');
                break;
            case '(':
                Entries('(', ')');
                break;
            case '\'' or '"':
                AppendString(String());
                break;
            case >= '0' and <= '9':
                // JSON allows no leading zeros.
                _json.Append(Digits().TrimStart('0') is { Length: > 0 } number ? number : "0");
                break;
            default:
                throw Expected("a name in quotes");
        }
    }

    private void Entries(char begin, char end)
    {
        Take(begin);
        if (++_depth > MaxDepth)
            throw Expected($"at most {MaxDepth} brackets inside each other");
        bool isDict = begin == '{';
        _json.Append(isDict ? '{' : '[');
        for (bool first = true; !Take(end); first = false)
        {
            if (!first)
                _json.Append(',');
            if (isDict)
                Key();
            Value();
            if (!Take(',') && Peek() != end)
                throw Expected($"',' or '{end}'");
        }
        _json.Append(isDict ? '}' : ']');
        _depth--;
    }

    private void Key()
    {
        AppendString(Peek() is '\'' or '"' ? String() : Digits());
        if (!Take(':'))
            throw Expected("':'");
        _json.Append(':');
    }

    private string Digits()
    {
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        return _at > start ? _text[start.._at].ToString() : throw Expected("the index of a class");
    }

    private string String()
    {
        char quote = Peek();
        _at++;
        StringBuilder text = new();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] == '\\')
                Escape(text);
            else
                text.Append(_text[_at++]);
        }
        return Take(quote) ? text.ToString() : throw Expected($"the closing {quote} of a name");
    }

    private void Escape(StringBuilder text)
    {
        _at++;
        char kind = _at < _text.Length ? _text[_at++] : throw Expected("an escaped character");
        int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0)
        {
            int known = Escapes.IndexOf(kind, StringComparison.Ordinal);
            // Python keeps the backslash of an unknown escape and removes an escaped line end.
            text.Append(known < 0 ? $"\\{kind}" : kind == '\n' ? "" : Meanings[known].ToString());
            return;
        }

        if (_at + digits > _text.Length
            || !uint.TryParse(
                _text.Slice(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code)
            || code > 0x10ffff)
            throw Expected($"{digits} hexadecimal digits of a character");
        _at += digits;
        // Other languages write a character above U+FFFF as two \u escapes, which are joined in the builder.
        text.Append(code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32((int)code));
    }

    // Unpaired surrogates stay escaped, so that the JSON reader rejects them.
    private readonly void AppendString(string text)
    {
        _json.Append('"');
        foreach (char character in text)
            _json.Append(character is '"' or '\\' or < ' ' || char.IsSurrogate(character)
                ? $"\\u{(int)character:x4}"
                : character.ToString());
        _json.Append('"');
    }

    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Take(char character)
    {
        if (Peek() != character)
            return false;
        _at++;
        return true;
    }

    private readonly InvalidDataException Expected(string what) =>
        new($"{what} is expected at character {_at + 1} of {_text.Length}");
}
