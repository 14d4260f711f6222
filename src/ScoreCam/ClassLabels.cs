namespace ScoreCam;

/// <summary>The names of a network's classes, by index. Immutable and thread-safe.</summary>
public sealed class ClassLabels
{
    private readonly string[] _names;

    /// <summary>Takes the names in order of index.</summary>
    public ClassLabels(IEnumerable<string> names) => _names = names.ToArray();

    /// <summary>Number of classes.</summary>
    public int Count => _names.Length;

    /// <summary>Name of a class.</summary>
    public string this[int index] => _names[index];

    /// <summary>Names <c>class 0</c>, <c>class 1</c>, … for a network without labels.</summary>
    public static ClassLabels Numbered(int count) => new(Enumerable.Range(0, count).Select(i => $"class {i}"));

    /// <summary>
    /// Finds a class: by its exact name, then by any of its comma-separated synonyms, ignoring case. A number is an
    /// index; <c>name:7</c> forces the name "7".
    /// </summary>
    /// <exception cref="ArgumentException">No such class (the message suggests near ones), or several of that name (it lists their indices).</exception>
    public int IndexOf(string name) => throw new NotImplementedException();

    /// <summary>Reads labels from a file: a text file with one name per line, or JSON (an array, an index → name object, or a config.json with <c>id2label</c>).</summary>
    public static ClassLabels Load(string path) => throw new NotImplementedException();
}
