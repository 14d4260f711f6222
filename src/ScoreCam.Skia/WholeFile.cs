namespace ScoreCam.Imaging;

/// <summary>Files that appear whole or not at all. Linked into every adapter, so that they write alike.</summary>
internal static class WholeFile
{
    /// <summary>Writes aside and then renames: where that fails, a file of this name stays as it was.</summary>
    public static void Write(string path, byte[] bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string aside = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            File.WriteAllBytes(aside, bytes);
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
