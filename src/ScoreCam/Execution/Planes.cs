namespace ScoreCam.Execution;

/// <summary>
/// Converts tensors between the layout of the network and planes, channels × positions. All other code works with
/// planes.
/// </summary>
internal static class Planes
{
    /// <summary>
    /// Returns the maps of a layer from its tensor, for the first picture. If the tensor contains nothing but these
    /// maps, the array itself is returned; it must not be changed.
    /// </summary>
    public static float[] Of(LayerInfo layer, float[] values)
    {
        int length = checked(layer.Channels * layer.Height * layer.Width);
        bool isMaps = layer.Layout == FeatureLayout.Nchw && values.Length == length;
        return isMaps ? values : Of(layer, values.AsSpan());
    }

    /// <summary>Returns the maps of a layer from its tensor, for the first picture.</summary>
    public static float[] Of(LayerInfo layer, ReadOnlySpan<float> values)
    {
        int length = checked(layer.Channels * layer.Height * layer.Width);
        TensorLayout layout = layer.Layout == FeatureLayout.Nchw ? TensorLayout.Nchw : TensorLayout.Nhwc;
        return From(values.Slice(layer.PrefixTokens * layer.Channels, length), layout, layer.Channels);
    }

    /// <summary>Returns channels × positions from a tensor of one picture.</summary>
    public static float[] From(ReadOnlySpan<float> values, TensorLayout layout, int channels)
    {
        if (layout == TensorLayout.Nchw || channels == 1)
            return values.ToArray();
        var planes = new float[values.Length];
        int positions = values.Length / channels;
        for (int i = 0; i < positions; i++)
            for (int k = 0; k < channels; k++)
                planes[(k * positions) + i] = values[(i * channels) + k];
        return planes;
    }

    /// <summary>Writes channels × positions in the layout of the network.</summary>
    public static void Write(ReadOnlySpan<float> planes, TensorLayout layout, int channels, Span<float> destination)
    {
        if (layout == TensorLayout.Nchw || channels == 1)
        {
            planes.CopyTo(destination);
            return;
        }
        int positions = planes.Length / channels;
        for (int k = 0; k < channels; k++)
            for (int i = 0; i < positions; i++)
                destination[(i * channels) + k] = planes[(k * positions) + i];
    }
}
