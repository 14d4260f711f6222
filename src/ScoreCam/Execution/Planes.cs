namespace ScoreCam.Execution;

/// <summary>
/// Brings tensors from and to the layout of the network. Everything outside works with planes: channels × places.
/// </summary>
internal static class Planes
{
    /// <summary>
    /// The maps of a layer from its tensor, of which the first picture is read. The array itself where it holds nothing
    /// but these maps: nobody changes it.
    /// </summary>
    public static float[] Of(LayerInfo layer, float[] values)
    {
        int length = checked(layer.Channels * layer.Height * layer.Width);
        bool isMaps = layer.Layout == FeatureLayout.Nchw && values.Length == length;
        return isMaps ? values : Of(layer, values.AsSpan());
    }

    /// <summary>The maps of a layer from its tensor, of which the first picture is read.</summary>
    public static float[] Of(LayerInfo layer, ReadOnlySpan<float> values)
    {
        int length = checked(layer.Channels * layer.Height * layer.Width);
        TensorLayout layout = layer.Layout == FeatureLayout.Nchw ? TensorLayout.Nchw : TensorLayout.Nhwc;
        return From(values.Slice(layer.PrefixTokens * layer.Channels, length), layout, layer.Channels);
    }

    /// <summary>Channels × places from a tensor of one picture.</summary>
    public static float[] From(ReadOnlySpan<float> values, TensorLayout layout, int channels)
    {
        if (layout == TensorLayout.Nchw || channels == 1)
            return values.ToArray();
        var planes = new float[values.Length];
        int places = values.Length / channels;
        for (int i = 0; i < places; i++)
            for (int k = 0; k < channels; k++)
                planes[(k * places) + i] = values[(i * channels) + k];
        return planes;
    }

    /// <summary>Writes channels × places in the layout of the network.</summary>
    public static void Write(ReadOnlySpan<float> planes, TensorLayout layout, int channels, Span<float> destination)
    {
        if (layout == TensorLayout.Nchw || channels == 1)
        {
            planes.CopyTo(destination);
            return;
        }
        int places = planes.Length / channels;
        for (int k = 0; k < channels; k++)
            for (int i = 0; i < places; i++)
                destination[(i * channels) + k] = planes[(k * places) + i];
    }
}
