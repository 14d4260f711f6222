using System.Globalization;
using System.Text;

namespace ScoreCam.IO;

/// <summary>Class names as Python prints them: <c>{0: 'tench', 1: "it's"}</c> or <c>['tench', 'goldfish']</c>, with Python's escapes.</summary>
internal ref struct PythonNames
{
    private const string Simple = "\\'\"abfnrtv0\n";
    private const string Meanings = "\\'\"\a\b\f\n\r\t\v\0";
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private PythonNames(string text) => _text = text;

    /// <summary>The entries in the order in which they stand; the index is text, as it stands.</summary>
    /// <exception cref="InvalidDataException">Not such text; the message says where.</exception>
    public static List<(string Index, string Name)> Read(string text)
    {
        PythonNames reader = new(text);
        return reader.ReadAll();
    }

    private List<(string Index, string Name)> ReadAll()
    {
        List<(string, string)> entries = [];
        bool isDict = Take('{');
        if (!isDict && !Take('['))
            throw Expected("'{' or '['");
        char end = isDict ? '}' : ']';
        while (!Take(end))
        {
            string index = isDict ? Key() : entries.Count.ToString(CultureInfo.InvariantCulture);
            entries.Add((index, String()));
            if (!Take(',') && Peek() != end)
                throw Expected($"',' or '{end}'");
        }
        return Peek() == '\0' ? entries : throw Expected("the end");
    }

    private string Key()
    {
        string key = Peek() is '\'' or '"' ? String() : Digits();
        return Take(':') ? key : throw Expected("':'");
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
        if (quote is not ('\'' or '"'))
            throw Expected("a name in quotes");
        _at++;
        StringBuilder name = new();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] == '\\')
                Escape(name);
            else
                name.Append(_text[_at++]);
        }
        return Take(quote) ? name.ToString() : throw Expected($"the closing {quote} of a name");
    }

    private void Escape(StringBuilder name)
    {
        _at++;
        char kind = _at < _text.Length ? _text[_at++] : throw Expected("an escaped character");
        int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0)
        {
            int known = Simple.IndexOf(kind);
            // Python keeps a backslash before what it does not know, and drops an escaped line end.
            name.Append(known < 0 ? $"\\{kind}" : kind == '\n' ? "" : Meanings[known].ToString());
            return;
        }
        if (_at + digits > _text.Length || !uint.TryParse(_text.Slice(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code) || code > 0x10ffff)
            throw Expected($"{digits} hexadecimal digits of a character");
        _at += digits;
        // Two \u halves of a pair, as other languages write it, meet in the builder.
        name.Append(code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32((int)code));
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

    private readonly InvalidDataException Expected(string what) => new($"{what} is expected at character {_at + 1} of {_text.Length}");
}
